"""One libtorrent peer: seeds until it is killed, or fetches and exits. Its job is JSON in argv."""
import json
import sys
import libtorrent

job = json.loads(sys.argv[1])
session = libtorrent.session({
    'enable_dht': False,
    'enable_lsd': False,
    'enable_upnp': False,
    'enable_natpmp': False,
    'enable_incoming_utp': False,
    'enable_outgoing_utp': False,
    'alert_mask': libtorrent.alert.category_t.status_notification
    | libtorrent.alert.category_t.storage_notification
    | libtorrent.alert.category_t.error_notification,
    **job['settings'],
})
if job['source'].startswith('magnet:'):
    parameters = libtorrent.parse_magnet_uri(job['source'])
else:
    parameters = libtorrent.add_torrent_params()
    parameters.ti = libtorrent.torrent_info(job['source'])
parameters.save_path = job['folder']
handle = session.add_torrent(parameters)
while True:
    session.wait_for_alert(100)
    for alert in session.pop_alerts():
        if isinstance(alert, libtorrent.torrent_error_alert):
            sys.exit(str(alert))
        if isinstance(alert, libtorrent.hash_failed_alert):
            sys.exit(str(alert))
        if isinstance(alert, libtorrent.torrent_finished_alert):
            print('complete', flush=True)
            if job['role'] == 'leech':
                handle.flush_cache()
        if isinstance(alert, libtorrent.cache_flushed_alert) and job['role'] == 'leech':
            sys.exit(0)
