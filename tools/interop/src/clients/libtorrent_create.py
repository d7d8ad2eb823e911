"""Makes a .torrent with libtorrent, in pieces of 64 KiB, and prints its infohash: PAYLOAD URL OUT FLAG..."""
import os
import sys
import libtorrent

payload, url, out, *names = sys.argv[1:]
flags = 0
for name in names:
    flags |= getattr(libtorrent.create_torrent, name)
files = libtorrent.file_storage()
libtorrent.add_files(files, payload)
torrent = libtorrent.create_torrent(files, 64 * 1024, flags)
torrent.add_tracker(url)
libtorrent.set_piece_hashes(torrent, os.path.dirname(payload))
with open(out, 'wb') as file:
    file.write(libtorrent.bencode(torrent.generate()))
print(libtorrent.torrent_info(out).info_hashes().v1)
