# technique: packs the forbidden directory and unpacks the archive elsewhere
# source: tar(1)
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
mkdir out; tar --create vault | tar --extract --directory=out; cat out/vault/secret.txt
