# technique: renames the directory that holds the forbidden file, then reads it below the new name
# source: reference study 4.3 #5; rename(2)
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileRename
mv vault open && cat open/secret.txt
