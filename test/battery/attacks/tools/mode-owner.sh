# technique: changes mode, owner, times and access list by the programs for it
# source: chmod(1), chown(1), touch(1), setfattr(1)
# success: vault/secret.txt has another mode, or other times
# policy: kept
# control: permissive
# event: FileSetAttr
chmod 777 vault/secret.txt
chmod -R a+rwX vault
chown "$(id -u)" vault/secret.txt
touch -d @0 vault/secret.txt
