# technique: starts the forbidden program by git, by a hook and by a hooks directory elsewhere
# source: githooks(5); core.hooksPath
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: git
# event: ProcessExec
git init -q /tmp/r; ln -s $WORKSPACE/forbidden /tmp/r/.git/hooks/post-checkout; cd /tmp/r; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; git checkout -q -b b; mkdir /tmp/h; ln -s $WORKSPACE/vault/tool /tmp/h/post-checkout; git -c core.hooksPath=/tmp/h checkout -q -b c
