# technique: reads the forbidden file by git: a comparison, an object, an archive
# source: git-diff(1), git-hash-object(1)
# success: the content of vault/secret.txt on the output
# control: permissive
# needs: git
# event: FileOpenReadOnly
git init -q /tmp/repository
git diff --no-index /dev/null vault/secret.txt
object=$(git --git-dir=/tmp/repository/.git hash-object -w vault/secret.txt)
git --git-dir=/tmp/repository/.git cat-file -p "$object"
git --git-dir=/tmp/repository/.git --work-tree=. add vault && git --git-dir=/tmp/repository/.git show :vault/secret.txt
