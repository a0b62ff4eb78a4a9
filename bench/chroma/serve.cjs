// Chroma's server, as `chroma run` of npm starts it. Arguments: folder, port. The newest of these packages that runs with a glibc
// below 2.38 is the one that package.json names; it has the server 1.0.0.
const [folder, port] = process.argv.slice(2);
require("chromadb-js-bindings-linux-x64-gnu").cli(["chroma", "run", "--path", folder, "--port", port, "--host", "127.0.0.1"]);
