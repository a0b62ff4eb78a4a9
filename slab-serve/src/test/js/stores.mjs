// Stores that others wrote on top of the official client: node stores.mjs PACKAGE_FOLDER CONTROL_URL STORE
// STORE is langchain, llamaindex or mastra. Ends with 1 when an answer is not what it must be.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const [folder, controller, store] = process.argv.slice(2);
process.env.PINECONE_API_KEY = 'x';
process.env.PINECONE_CONTROLLER_HOST = controller;
const require = createRequire(join(folder, 'package.json'));
// What a program in that folder would import under this name.
const load = async (name) => {
  const found = await import(pathToFileURL(require.resolve(name)).href);
  return found.default && Object.keys(found).length < 3 ? found.default : found;
};

// A model that knows three words.
const words = ['sea', 'desert', 'city'];
const vector = (text) => [...words.map((w) => (text.includes(w) ? 1 : 0)), 0.1];
const embeddings = {
  embedDocuments: async (texts) => texts.map(vector),
  embedQuery: async (text) => vector(text),
};
const texts = ['a ship at sea', 'sand of the desert', 'a city at night', 'a city by the sea'];

async function create(name) {
  const { Pinecone } = await load('@pinecone-database/pinecone');
  const client = new Pinecone();
  await client.createIndex({ name, dimension: 4, metric: 'cosine', spec: { serverless: { cloud: 'aws', region: 'us-east-1' } }, waitUntilReady: true });
  return client;
}

async function langchain() {
  const client = await create('langchain');
  const { PineconeStore } = await load('@langchain/pinecone');
  const db = await PineconeStore.fromExistingIndex(embeddings, { pineconeIndex: client.index('langchain'), namespace: 'n' });
  const documents = texts.map((pageContent, i) => ({ pageContent, metadata: { number: i, nested: { even: i % 2 === 0 } } }));
  const ids = await db.addDocuments(documents, { ids: ['d0', 'd1', 'd2', 'd3'] });
  assert.deepEqual(ids, ['d0', 'd1', 'd2', 'd3']);
  const found = await db.similaritySearchWithScore('the desert', 2);
  assert.equal(found[0][0].pageContent, texts[1]);
  assert.ok(found[0][1] > found[1][1]);
  const filtered = await db.similaritySearch('sea and city', 4, { number: { $gte: 2 } });
  assert.deepEqual(filtered.map((d) => d.metadata.number), [3, 2]);
  const various = await db.maxMarginalRelevanceSearch('sea', { k: 2, fetchK: 4 });
  assert.equal(various.length, 2);
  await db.delete({ ids: ['d1'] });
  assert.equal((await db.similaritySearch('the desert', 10)).length, 3);
  await db.delete({ filter: { number: 2 } });
  assert.equal((await db.similaritySearch('the desert', 10)).length, 2);
  await db.delete({ deleteAll: true });
  assert.equal((await db.similaritySearch('the desert', 10)).length, 0);
}

async function llamaindex() {
  const client = await create('llama');
  const { PineconeVectorStore } = await load('@llamaindex/pinecone');
  const { TextNode } = await load('@llamaindex/core/schema');
  const db = new PineconeVectorStore({ indexName: 'llama', namespace: 'n', embeddingModel: {} });
  // Left alone it makes a client with a key alone, which asks no other host than the service's.
  db.db = client;
  const nodes = texts.map((text, i) => new TextNode({ id_: `t${i}`, text, metadata: { number: i }, embedding: vector(text),
    relationships: { SOURCE: { nodeId: `doc${i}`, metadata: {} } } }));
  await db.add(nodes);
  const all = await db.query({ queryEmbedding: vector('the desert'), similarityTopK: 2, mode: 'default' });
  assert.equal(all.nodes.length, 2);
  assert.ok(all.nodes.some((n) => n.getContent('NONE') === texts[1]), JSON.stringify(all.nodes));
  const filters = { filters: [{ key: 'number', value: 2, operator: '>=' }, { key: 'number', value: 3, operator: '!=' }], condition: 'and' };
  const filtered = await db.query({ queryEmbedding: vector('sea'), similarityTopK: 4, mode: 'default', filters });
  assert.deepEqual(filtered.nodes.map((n) => n.metadata.number), [2]);
  await db.delete(all.ids[0]);
  const left = await db.query({ queryEmbedding: vector('sea'), similarityTopK: 9, mode: 'default' });
  assert.equal(left.nodes.length, 3);
  await db.clearIndex();
  assert.equal((await db.query({ queryEmbedding: vector('sea'), similarityTopK: 9, mode: 'default' })).nodes.length, 0);
}

async function mastra() {
  const { PineconeVector } = await load('@mastra/pinecone');
  const db = new PineconeVector({ id: 'p', apiKey: 'x', controllerHostUrl: controller });
  await db.createIndex({ indexName: 'mastra', dimension: 4, metric: 'cosine' });
  await db.upsert({ indexName: 'mastra', vectors: texts.map(vector), metadata: texts.map((text, number) => ({ text, number })), ids: ['d0', 'd1', 'd2', 'd3'] });
  assert.ok((await db.listIndexes()).includes('mastra'));
  const stats = await db.describeIndex({ indexName: 'mastra' });
  assert.deepEqual([stats.dimension, stats.count, stats.metric], [4, 4, 'cosine']);
  const found = await db.query({ indexName: 'mastra', queryVector: vector('the desert'), topK: 1, includeVector: true });
  assert.equal(found[0].metadata.text, texts[1]);
  const filtered = await db.query({ indexName: 'mastra', queryVector: vector('sea city'), topK: 4, filter: { number: { $gt: 1 } } });
  assert.deepEqual(filtered.map((m) => m.id), ['d3', 'd2']);
  await db.updateVector({ indexName: 'mastra', id: 'd0', update: { metadata: { number: 7 } } });
  await db.deleteVector({ indexName: 'mastra', id: 'd1' });
  assert.equal((await db.describeIndex({ indexName: 'mastra' })).count, 3);
  await db.deleteIndex({ indexName: 'mastra' });
  assert.ok(!(await db.listIndexes()).includes('mastra'));
}

await { langchain, llamaindex, mastra }[store]();
console.log(`${store}: every answer was as it must be`);
