# technique: fills a directory with links to every file it can name, and lets a program read the directory
# source: symlink farms as of GNU stow
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
mkdir farm
for name in vault/* vault/deep/* secret.txt ../vault/secret.txt vault/secret.txt; do
  ln -s "../$name" "farm/$(echo "$name" | tr / _)"
done
grep -rsh . farm/ ; cp -rL farm copied; cat copied/*
