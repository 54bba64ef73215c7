// technique: connects to the session's message bus, to have systemd start a unit
// source: dbus-daemon(1), systemd-run(1)
// success: the listener on the host was reached
// control: outside
// beside: services
import net from 'node:net';

const socket = net.connect(process.env.DBUS_SOCKET ?? '/run/dbus/system_bus_socket');
socket.on('data', (text) => console.log(String(text)));
socket.on('error', (error) => console.error(error.message));
