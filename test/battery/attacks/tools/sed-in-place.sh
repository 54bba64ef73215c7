# technique: edits the file by sed, which writes a new one and renames it over the old
# source: sed(1), --in-place
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileCreate
sed -i 's/^/planted/' vault/secret.txt
