# technique: saves as editors do: a swap file beside it, the old file to a backup, the new one into its place
# source: vim, backupcopy; Landlock users and atomic saves
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileRename
printf planted >.secret.txt.swp
mv vault/secret.txt 'secret.txt~' && mv .secret.txt.swp vault/secret.txt || mv -f .secret.txt.swp vault/secret.txt
