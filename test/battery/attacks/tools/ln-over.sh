# technique: replaces the forbidden directory by a link, then the file in it
# source: ln(1), --no-target-directory, --force
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
ln -sfT public vault; ln -f permitted.txt vault/secret.txt; ln -sf ../permitted.txt vault/secret.txt
