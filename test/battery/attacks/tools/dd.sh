# technique: writes into the middle of the file by dd, without truncating it
# source: dd(1), conv=notrunc
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileWrite
printf planted | dd of=vault/secret.txt conv=notrunc bs=1 seek=3 status=none
