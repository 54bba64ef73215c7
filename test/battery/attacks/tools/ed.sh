# technique: edits the file by ed, which truncates and writes it
# source: ed(1)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# needs: ed
# event: FileWrite
printf '1s/^/planted/\nw\nq\n' | ed -s vault/secret.txt
