// One script of calls for every major of the official client: node calls.mjs PACKAGE_FOLDER CONTROL_URL NAME IMPORTS
// Prints one line a call, and ends with 1 when one did not give what it must.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, controller, name, imports] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const { Pinecone } = require('@pinecone-database/pinecone');
const version = require(join(folder, 'node_modules/@pinecone-database/pinecone/package.json')).version;
const major = Number(version.split('.')[0]);
const client = new Pinecone({ apiKey: 'x', controllerHostUrl: controller });
let failed = 0;
let calls = 0;

function check(what, truth, seen) {
  calls++;
  if (!truth) {
    failed++;
    console.log(`FAILED ${what}: ${JSON.stringify(seen)}`);
  }
}

async function ok(what, call, test = () => true) {
  try {
    const answer = await call();
    check(what, test(answer), answer);
    return answer;
  } catch (e) {
    check(what, false, `${e.name}: ${e.message}`);
    return undefined;
  }
}

async function refused(what, call, error, sentence = '') {
  try {
    check(what, false, await call());
  } catch (e) {
    check(what, e.name === error && String(e.message).includes(sentence), `${e.name}: ${e.message}`);
  }
}

const spec = { serverless: { cloud: 'aws', region: 'us-east-1' } };
const created = await ok('createIndex', () =>
  client.createIndex({ name, dimension: 4, metric: 'cosine', tags: { a: 'b' }, spec, waitUntilReady: true }), (i) => i.name === name);
await refused('createIndex again', () => client.createIndex({ name, dimension: 4, metric: 'cosine', spec }), 'PineconeConflictError');
await refused('createIndex of a bad name', () => client.createIndex({ name: 'No_Good', dimension: 4, metric: 'cosine', spec }),
  'PineconeBadRequestError', 'alphanumeric character');
await ok('describeIndex', () => client.describeIndex(name), (i) => i.dimension === 4 && i.metric === 'cosine' && i.status.ready && i.host.startsWith('http://'));
await ok('listIndexes', () => client.listIndexes(), (l) => l.indexes.some((i) => i.name === name && i.tags.a === 'b'));
await refused('describeIndex of none', () => client.describeIndex('nope'), 'PineconeNotFoundError');

// From 7.0 on the index takes one object where it took an array.
const index = major >= 7 ? client.index({ name }) : client.index(name);
const upsert = (on, records) => (major >= 7 ? on.upsert({ records }) : on.upsert(records));
await ok('upsert', () => upsert(index, [
  { id: 'a', values: [1, 0, 0, 0], metadata: { g: 'x', y: 1999, tags: ['p', 'q'], ok: true } },
  { id: 'b c#/%', values: [0, 1, 0, 0], metadata: { g: 'y' } },
]));
const ns = major >= 7 ? client.index({ name, namespace: 'n1' }) : index.namespace('n1');
await ok('upsert into a namespace', () => upsert(ns, Array.from({ length: 12 }, (_, i) =>
  ({ id: `r${String(i).padStart(2, '0')}`, values: [i + 1, 1, 0, 0], metadata: { g: i % 2 ? 'odd' : 'even', n: i } }))));
await refused('upsert of a wrong dimension', () => upsert(index, [{ id: 'z', values: [1, 2] }]), 'PineconeBadRequestError', 'does not match the dimension of the index');
await refused('upsert of zeros', () => upsert(index, [{ id: 'z', values: [0, 0, 0, 0] }]), 'PineconeBadRequestError', 'non-zero');

await ok('fetch', () => (major >= 7 ? index.fetch({ ids: ['a', 'b c#/%', 'zz'] }) : index.fetch(['a', 'b c#/%', 'zz'])),
  (f) => Object.keys(f.records).length === 2 && f.records.a.metadata.y === 1999 && f.records.a.values.length === 4);
await ok('query', () => ns.query({ topK: 3, vector: [1, 1, 0, 0], includeMetadata: true, includeValues: true }),
  (q) => q.matches.length === 3 && q.matches[0].id === 'r00' && q.matches[0].metadata.n === 0 && q.matches[0].values.length === 4);
await ok('query without values', () => ns.query({ topK: 3, vector: [1, 1, 0, 0] }), (q) => q.matches[0].values.length === 0 && q.namespace === 'n1');
await ok('query by id', () => ns.query({ topK: 2, id: 'r03' }), (q) => q.matches[0].id === 'r03');
await ok('query by an id that is not there', () => ns.query({ topK: 2, id: 'zz' }), (q) => q.matches.length === 0);
await ok('query with a filter', () => ns.query({ topK: 20, vector: [1, 1, 0, 0], filter: { $and: [{ g: { $eq: 'odd' } }, { n: { $gte: 5 } }] }, includeMetadata: true }),
  (q) => q.matches.length === 4 && q.matches.every((m) => m.metadata.g === 'odd'));
await refused('query with a bad filter', () => ns.query({ topK: 2, vector: [1, 1, 0, 0], filter: { n: { $xyz: 1 } } }), 'PineconeBadRequestError', '$xyz');
await refused('query of a wrong dimension', () => ns.query({ topK: 2, vector: [1, 1] }), 'PineconeBadRequestError', 'does not match the dimension of the index');

const page = await ok('list', () => ns.listPaginated({ prefix: 'r', limit: 5 }), (l) => l.vectors.length === 5 && l.vectors[0].id === 'r00');
await ok('list on', () => ns.listPaginated({ prefix: 'r', limit: 50, paginationToken: page.pagination.next }), (l) => l.vectors.length === 7 && !l.pagination);
await ok('update', () => ns.update({ id: 'r01', metadata: { extra: 'E' } }));
await ok('update of values', () => ns.update({ id: 'r02', values: [9, 1, 0, 0] }));
await ok('updated', () => (major >= 7 ? ns.fetch({ ids: ['r01', 'r02'] }) : ns.fetch(['r01', 'r02'])),
  (f) => f.records.r01.metadata.extra === 'E' && f.records.r01.metadata.n === 1 && f.records.r02.values[0] === 9);
if (major >= 7) {
  await ok('fetchByMetadata', () => ns.fetchByMetadata({ filter: { g: { $eq: 'odd' } }, limit: 2 }),
    (f) => Object.keys(f.records).length === 2 && f.pagination?.next);
  await ok('update by filter', () => ns.update({ filter: { g: { $eq: 'odd' } }, metadata: { m: 1 } }));
  await ok('all that match were', () => ns.fetchByMetadata({ filter: { m: { $eq: 1 } } }), (f) => Object.keys(f.records).length === 6);
  await ok('createNamespace', () => index.createNamespace({ name: 'made' }), (n) => n.name === 'made');
  await refused('createNamespace again', () => index.createNamespace({ name: 'made' }), 'PineconeConflictError');
}
await ok('describeIndexStats', () => index.describeIndexStats(),
  (s) => s.namespaces.n1.recordCount === 12 && (s.namespaces[''] ?? s.namespaces.__default__).recordCount === 2 && s.totalRecordCount === 14 && s.dimension === 4);
await ok('listNamespaces', () => index.listNamespaces(), (l) => l.namespaces.some((n) => n.name === 'n1' && Number(n.recordCount) === 12));
await ok('describeNamespace', () => index.describeNamespace('n1'), (n) => Number(n.recordCount) === 12);
await refused('describeNamespace of none', () => index.describeNamespace('n77'), 'PineconeNotFoundError');
await ok('searchRecords by vector', () => ns.searchRecords({ query: { topK: 2, vector: { values: [1, 1, 0, 0] } } }), (r) => r.result.hits.length === 2 && r.result.hits[0]._id === 'r00');
await refused('searchRecords by text', () => ns.searchRecords({ query: { topK: 2, inputs: { text: 'a' } } }), 'PineconeBadRequestError', 'hosted model');

await ok('deleteOne', () => (major >= 7 ? ns.deleteOne({ id: 'r00' }) : ns.deleteOne('r00')));
await ok('deleteMany', () => (major >= 7 ? ns.deleteMany({ ids: ['r01', 'zz'] }) : ns.deleteMany(['r01', 'zz'])));
await ok('deleteMany by filter', () => (major >= 7 ? ns.deleteMany({ filter: { n: { $lt: 4 } } }) : ns.deleteMany({ n: { $lt: 4 } })));
await ok('what is left', () => ns.listPaginated({}), (l) => l.vectors.length === 8);
await ok('deleteAll', () => ns.deleteAll());
await ok('nothing is left', () => ns.query({ topK: 3, vector: [1, 1, 0, 0] }), (q) => q.matches.length === 0);
if (major >= 7) {
  await ok('deleteNamespace', () => index.deleteNamespace('made'));
}
await refused('deleteAll of an unknown namespace', () => (major >= 7 ? client.index({ name, namespace: 'no' }) : index.namespace('no')).deleteAll(), 'PineconeNotFoundError');

const configure = (change) => (major >= 7 ? client.configureIndex({ name, ...change }) : client.configureIndex(name, change));
await ok('configureIndex', () => configure({ deletionProtection: 'enabled', tags: { a: '', c: 'd' } }), (i) => i === undefined || i.tags.c === 'd');
await refused('deleteIndex of a protected one', () => client.deleteIndex(name), 'PineconeBadRequestError', 'Deletion protection is enabled');
await ok('configureIndex back', () => configure({ deletionProtection: 'disabled' }));
const until = async (what, call, test) => {
  let seen;
  for (let i = 0; i < 200; i++) {
    seen = await call().catch((e) => e);
    if (test(seen)) {
      break;
    }
    await new Promise((wake) => setTimeout(wake, 25));
  }
  check(what, test(seen), seen);
  return seen;
};
await ok('upsert before the backup', () => upsert(index, [{ id: 'kept', values: [1, 0, 0, 0] }]));
await ok('createCollection', () => client.createCollection({ name: `${name}-c`, source: name }), (c) => c.name === `${name}-c`);
await refused('createCollection again', () => client.createCollection({ name: `${name}-c`, source: name }), 'PineconeConflictError');
await refused('createCollection of none', () => client.createCollection({ name: `${name}-e`, source: 'nope' }), 'PineconeNotFoundError');
await until('describeCollection', () => client.describeCollection(`${name}-c`), (c) => c.status === 'Ready' && Number(c.recordCount ?? c.vectorCount) === 3);
await ok('listCollections', () => client.listCollections(), (c) => c.collections.length === 1 && c.collections[0].name === `${name}-c`);
await ok('deleteCollection', () => client.deleteCollection(`${name}-c`));
await refused('describeCollection of a deleted one', () => client.describeCollection(`${name}-c`), 'PineconeNotFoundError');

const backup = await ok('createBackup', () => client.createBackup({ indexName: name, name: 'bk', description: 'd' }),
  (b) => b.sourceIndexName === name && b.backupId.length === 36);
const id = backup.backupId;
// Until 9 describeBackup took the id, since then an object or the id.
const described = await until('describeBackup', () => client.describeBackup(id), (b) => b.status === 'Ready');
check('its records', Number(described.recordCount) === 3, described);
await ok('listBackups', () => client.listBackups(), (l) => l.data.some((b) => b.backupId === id));
await ok('listBackups of the index', () => client.listBackups({ indexName: name }), (l) => l.data.length === 1 && l.data[0].name === 'bk');
await refused('describeBackup of none', () => client.describeBackup('00000000-0000-0000-0000-000000000000'), 'PineconeNotFoundError');
await refused('createIndexFromBackup of a name that is taken', () => client.createIndexFromBackup({ backupId: id, name }), 'PineconeConflictError');
const restore = await ok('createIndexFromBackup', () => client.createIndexFromBackup({ backupId: id, name: `${name}-r`, tags: { r: '1' }, waitUntilReady: false }),
  (r) => r.restoreJobId.length === 36);
await until('describeRestoreJob', () => client.describeRestoreJob(restore.restoreJobId), (j) => j.status === 'Completed' && j.percentComplete === 100);
await ok('listRestoreJobs', () => client.listRestoreJobs({}), (l) => l.data.some((j) => j.restoreJobId === restore.restoreJobId && j.backupId === id));
await ok('describeIndex of the restored', () => client.describeIndex(`${name}-r`), (i) => i.status.ready && i.tags.r === '1');
const restored = major >= 7 ? client.index({ name: `${name}-r` }) : client.index(`${name}-r`);
await ok('fetch of the restored', () => (major >= 7 ? restored.fetch({ ids: ['kept'] }) : restored.fetch(['kept'])), (f) => 'kept' in f.records);
await ok('deleteIndex of the restored', () => client.deleteIndex(`${name}-r`));
await ok('deleteBackup', () => client.deleteBackup(id));
await refused('describeBackup of a deleted one', () => client.describeBackup(id), 'PineconeNotFoundError');

const start = (uri, mode) => (major >= 7 ? index.startImport({ uri, errorMode: mode }) : index.startImport(uri, mode));
await refused('startImport from elsewhere', () => start('s3://bucket/elsewhere/', 'continue'), 'PineconeBadRequestError', '--import-root');
const begun = await ok('startImport', () => start(imports, 'abort'), (i) => i.id.length === 36);
const imported = await until('describeImport', () => index.describeImport(begun.id), (i) => ['Completed', 'Failed'].includes(i.status));
check('the import', imported.status === 'Completed' && Number(imported.recordsImported) === 5 && imported.uri === imports, imported);
await ok('listImports', () => index.listImports(), (l) => l.data.some((i) => i.id === begun.id && i.percentComplete === 100));
await ok('cancelImport', () => index.cancelImport(begun.id));
await refused('describeImport of none', () => index.describeImport('101'), 'PineconeNotFoundError');
await ok('deleteIndex', () => client.deleteIndex(name));
await refused('describeIndex of a deleted one', () => client.describeIndex(name), 'PineconeNotFoundError');

const sparse = `${name}-s`;
await ok('createIndex of sparse vectors', () => client.createIndex({ name: sparse, metric: 'dotproduct', vectorType: 'sparse', spec, waitUntilReady: true }));
const sparseIndex = major >= 7 ? client.index({ name: sparse }) : client.index(sparse);
await ok('upsert of sparse vectors', () => upsert(sparseIndex, [{ id: 's', sparseValues: { indices: [4294967295, 1], values: [0.5, 0.25] } }]));
await ok('query of sparse vectors', () => sparseIndex.query({ topK: 1, sparseVector: { indices: [4294967295], values: [2] } }), (q) => q.matches[0].id === 's' && q.matches[0].score === 1);
await ok('deleteIndex of sparse vectors', () => client.deleteIndex(sparse));
if (major >= 9) {
  const named = `${name}-d`;
  await ok('createIndex with a schema', () => client.createIndex({ name: named, waitUntilReady: true,
    deployment: { deploymentType: 'managed', cloud: 'aws', region: 'us-east-1' },
    schema: { fields: { emb: { type: 'dense_vector', dimension: 2, metric: 'cosine' }, title: { type: 'string', fullTextSearch: { language: 'en' } } } } }), (i) => i.schema.fields.emb.dimension === 2);
  const on = client.index({ name: named, namespace: 'n' });
  const docs = on.documents;
  await ok('documents.upsert', () => docs.upsert({ documents: [{ _id: 'a', emb: [1, 0], title: 'A', year: 1 }, { _id: 'b', emb: [0, 1], title: 'B', year: 2 }] }), (u) => u.upsertedCount === 2);
  await ok('documents.search', () => docs.search({ scoreBy: [{ type: 'dense_vector', fields: ['emb'], values: [1, 0] }], topK: 2, includeFields: ['*'] }),
    (r) => r.matches.length === 2 && r.matches[0]._id === 'a' && r.matches[0]._score === 1 && r.matches[0].title === 'A');
  await ok('documents.search by text', () => docs.search({ scoreBy: [{ type: 'text', fields: ['title'], query: 'b' }], topK: 2 }),
    (r) => r.matches.length === 1 && r.matches[0]._id === 'b' && r.matches[0]._score > 0);
  await refused('documents.search by text in another field', () => docs.search({ scoreBy: [{ type: 'text', fields: ['year'], query: 'A' }], topK: 2 }), 'PineconeBadRequestError', 'title');
  await ok('documents.list', () => docs.list({}), (l) => l.documents.length === 2);
  await ok('documents.update', () => docs.update({ documents: [{ _id: 'a', title: 'AA', _remove_fields: ['year'] }] }));
  await ok('documents.update by filter', () => docs.update({ filter: { year: { $eq: 2 } }, setFields: { n: true }, removeFields: ['title'] }), (u) => u.matchedRecords === 1);
  await ok('documents.delete by filter', () => docs.delete({ filter: { n: true } }), (d) => d.matchedRecords === 1);
  await ok('documents.fetch', () => docs.fetch({ ids: ['a', 'b'] }), (f) => f.documents.a.title === 'AA' && !('year' in f.documents.a) && !('b' in f.documents));
  await refused('query of an index of documents', () => on.query({ topK: 1, vector: [1, 0] }), 'PineconeBadRequestError', 'documents API');
  await ok('deleteIndex with a schema', () => client.deleteIndex(named));
}
console.log(`${version}: ${calls} calls, ${failed} failed`);
process.exit(failed || !created ? 1 : 0);
