# technique: changes its network: the interface, its routes, rules and addresses, the firewall
# source: ip(8), nft(8); Traps, awf#129
# success: one of the commands was obeyed
# control: none: without Leash it would change the machine's network
# beside: power
# needs: ip nft
ip link set lo mtu 65535 && echo "$POWER"
ip route append local 192.0.2.77 dev lo table local && echo "$POWER"
ip address add 192.0.2.77/32 dev lo && echo "$POWER"
ip rule add to 192.0.2.77 lookup 77 && echo "$POWER"
ip link add veth-a type veth peer name veth-b && echo "$POWER"
nft add table inet leash_battery && echo "$POWER"
nft list ruleset | grep -q . && echo "$POWER"
exit 0
