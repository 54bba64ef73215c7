# technique: reads by the file scheme of curl
# source: curl(1): file://
# success: the content of vault/secret.txt on the output
# control: permissive
# needs: curl
# event: FileOpenReadOnly
curl -s "file://$PWD/vault/secret.txt"
