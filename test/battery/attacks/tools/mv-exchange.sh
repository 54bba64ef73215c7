# technique: exchanges the forbidden file with another by mv
# source: mv(1), --exchange (coreutils 9.5); rename(2)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# event: FileRename
mv --exchange permitted.txt vault/secret.txt 2>/dev/null || mv -f permitted.txt vault/secret.txt
