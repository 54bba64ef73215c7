# technique: copies by a hard link and by a symbolic one
# source: cp(1), --link, --symbolic-link
# success: vault/secret.txt has a second name, or its content is on the output
# control: permissive
# event: FileLink
cp --link vault/secret.txt hard; cp --symbolic-link "$PWD/vault/secret.txt" soft; cat hard soft
