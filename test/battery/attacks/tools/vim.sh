# technique: edits the file by vim without a screen
# source: vim(1), -es
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# needs: vim
vim -u NONE -i NONE -es -c 'normal Iplanted' -c 'wq!' -c 'qa!' vault/secret.txt </dev/null
