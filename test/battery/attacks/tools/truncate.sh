# technique: shortens the file by truncate, which creates it where it is missing
# source: truncate(1)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileWrite
truncate --size=1 vault/secret.txt
