# technique: starts the forbidden program by git, by pager, alias, fsmonitor and editor given as options
# source: git(1), -c
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: git
# event: ProcessExec
git init -q /tmp/r && cd /tmp/r; F=$WORKSPACE/forbidden; git -c core.fsmonitor=$F status; git -c alias.x='!'$F x; git -p -c core.pager=$F help -a; git -c core.sshCommand=$F ls-remote x@y:z; GIT_EDITOR=$F git config --global --edit; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; git rebase --root --exec $F
