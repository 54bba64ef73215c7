// technique: connects to the compositor, to read the clipboard
// source: wayland(7)
// success: the listener on the host was reached
// control: outside
// beside: services
import net from 'node:net';

const socket = net.connect(process.env.WAYLAND_SOCKET ?? 'wayland-0');
socket.on('data', (text) => console.log(String(text)));
socket.on('error', (error) => console.error(error.message));
