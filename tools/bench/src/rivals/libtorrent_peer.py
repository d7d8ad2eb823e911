"""One libtorrent peer: seeds on PORT until killed, or fetches from PORT and exits."""
import os
import sys
import libtorrent

role, torrent_path, folder, port = sys.argv[1:5]
listen = port if role == 'seed' else '0'
session = libtorrent.session({
    'listen_interfaces': f'127.0.0.1:{listen}',
    'enable_dht': False,
    'enable_lsd': False,
    'enable_upnp': False,
    'enable_natpmp': False,
    'enable_incoming_utp': False,
    'enable_outgoing_utp': False,
    'alert_mask': libtorrent.alert.category_t.status_notification
    | libtorrent.alert.category_t.storage_notification
    | libtorrent.alert.category_t.error_notification,
})
handle = session.add_torrent({
    'ti': libtorrent.torrent_info(torrent_path),
    'save_path': folder,
})
while True:
    if role == 'leech' and handle.status().num_peers == 0:
        handle.connect_peer(('127.0.0.1', int(port)))
    session.wait_for_alert(100)
    for alert in session.pop_alerts():
        if isinstance(alert, libtorrent.torrent_error_alert):
            sys.exit(str(alert))
        if isinstance(alert, libtorrent.torrent_finished_alert):
            if role == 'leech':
                handle.flush_cache()
            else:
                print('ready', flush=True)
        if role == 'leech' and isinstance(alert, libtorrent.cache_flushed_alert):
            if handle.status().is_finished:
                os._exit(0)
