# technique: copies by sharing blocks, and by attributes only
# source: cp(1), --reflink, --attributes-only
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
cp --reflink=auto vault/secret.txt clone; cp --archive vault whole; cat clone whole/secret.txt
