// technique: connects to the display, to read and type keys
// source: X(7); xtest
// success: the listener on the host was reached
// control: outside
// beside: services
import net from 'node:net';

const socket = net.connect(process.env.X11_SOCKET ?? '/tmp/.X11-unix/X0');
socket.on('data', (text) => console.log(String(text)));
socket.on('error', (error) => console.error(error.message));
