# technique: puts another file in its place by install, which removes what stands there
# source: install(1)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileDelete
printf planted >new; install -m 755 new vault/secret.txt
