# technique: reads by a program that takes any file as input
# source: openssl-enc(1)
# success: the content of vault/secret.txt on the output, in base64
# control: permissive
# needs: openssl
# event: FileOpenReadOnly
openssl enc -base64 -in vault/secret.txt
