// node server.js FOLDER PORT BUCKET: serves S3 on the loopback, writes the port to standard output, and ends with its standard input.
const S3rver = require('@20minutes/s3rver');
const v4 = require('@20minutes/s3rver/lib/signature/v4');

// The SDK asks for '/bucket/' and signs that; this server checks the signature of '/bucket'.
const stringToSign = v4.getStringToSign;
v4.getStringToSign = (request, signature) => stringToSign(/^\/[^/]+$/.test(request.uri) ? { ...request, uri: `${request.uri}/` } : request, signature);

const [directory, port, bucket] = process.argv.slice(2);
const server = new S3rver({ address: '127.0.0.1', port: Number(port), silent: true, vhostBuckets: false, directory, configureBuckets: [{ name: bucket }] });
server.run().then(({ port }) => console.log(port));
process.stdin.on('end', () => process.exit(0)).resume();
