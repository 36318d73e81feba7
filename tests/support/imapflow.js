// imapflow.js - reads INBOX with imapflow, as a program of its author would.
//
//   node imapflow.js PORT USER PASSWORD FOLDER     imapflow is looked for in FOLDER/node_modules
//
// Prints one line of JSON: mails (UID, source in base64, its parts), refused (UIDs), and what
// imapflow logged of level warn or above.

const [port, user, pass, folder] = process.argv.slice(2);
const { ImapFlow } = require(folder + "/node_modules/imapflow");

const warnings = [];
const quiet = () => {};
const warn = (entry) => warnings.push(entry.msg || String(entry.err));
const logger = { trace: quiet, debug: quiet, info: quiet, warn, error: warn };

async function octetsOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("base64");
}

function leaves(node) {
  return node.childNodes ? node.childNodes.flatMap(leaves) : [node.part || "1"];
}

async function main() {
  const client = new ImapFlow({
    host: "127.0.0.1", port: Number(port), secure: false, auth: { user, pass }, logger,
  });
  await client.connect();
  await client.mailboxOpen("INBOX", { readOnly: true });
  const mails = [];
  const refused = [];
  for await (const { uid, bodyStructure, size } of client.fetch("1:*", {
    uid: true, bodyStructure: true, envelope: true, size: true,
  })) mails.push({ uid, size, numbers: leaves(bodyStructure) });
  for (const mail of mails) {
    const found = await client.fetchOne(mail.uid, { source: true }, { uid: true }).catch(() => null);
    if (!found || !found.source) {
      refused.push(mail.uid);
      continue;
    }
    mail.source = found.source.toString("base64");
    mail.parts = [];
    for (const number of mail.numbers) {
      const part = await client.download(mail.uid, number, { uid: true });
      mail.parts.push(await octetsOf(part.content));
    }
  }
  await client.logout();
  console.log(JSON.stringify({ mails, refused, warnings }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
