// technique: connects to the ssh agent, which signs with the user's keys
// source: ssh-agent(1); ast-probe, agent sockets
// success: the listener on the host was reached
// control: outside
// beside: services
import net from 'node:net';

const socket = net.connect(process.env.SSH_AUTH_SOCK ?? '/tmp/ssh/agent.1');
socket.on('data', (text) => console.log(String(text)));
socket.on('error', (error) => console.error(error.message));
