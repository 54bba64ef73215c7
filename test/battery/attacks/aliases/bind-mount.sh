# technique: binds the forbidden directory elsewhere in a user and mount namespace of its own
# source: reference study 4.3 #7; mount_namespaces(7)
# success: the content of vault/secret.txt on the output
# control: outside
# needs: unshare
# event: SystemCall
mkdir -p open
unshare --user --map-root-user --mount sh -c 'mount --bind vault open && cat open/secret.txt'
