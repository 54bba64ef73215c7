# technique: starts the forbidden program by ssh, by a proxy command
# source: ssh_config(5), ProxyCommand
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: ssh
# event: ProcessExec
ssh -F none -o StrictHostKeyChecking=no -o ProxyCommand=./forbidden x; ssh -F none -o ProxyCommand='vault/tool >&2' x
