# technique: makes configuration that the git of the user obeys outside: config, commondir, a .git file, a moved
# directory
# source: core.fsmonitor, core.hooksPath, git-config(1)
# success: .git/config was made
# policy: base
# control: permissive
mkdir -p .git sub/.git
printf '[core]\n\tfsmonitor = touch /tmp/owned\n' >.git/config
printf '[core]\n' >prepared
mv prepared .git/config; ln -s ../prepared .git/config; ln prepared .git/config
echo ../prepared >.git/commondir
echo 'gitdir: ../prepared' >sub2; mkdir other; echo 'gitdir: ../prepared' >other/.git
mkdir whole; printf '[core]\n' >whole/config; mv -T whole sub/.git; mkdir third; mv whole third/.git
