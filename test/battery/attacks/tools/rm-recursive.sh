# technique: removes the forbidden directory with everything in it
# source: rm(1)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileDelete
rm -rf vault; rm -rf ./vault/../vault; find . -name secret.txt -delete
