# technique: gives the forbidden script to a shell by its input, a pipe, a command and a descriptor
# source: reference study 4.3 #15
# success: the forbidden program ran
# policy: vault
# control: permissive
# event: FileOpenReadOnly
sh <forbidden.sh
cat forbidden.sh | sh
sh -c "$(cat forbidden.sh)"
. ./forbidden.sh
sh /dev/fd/3 3<forbidden.sh
