// A client of another maker, unchanged, speaks with `slab mcp`. Arguments: the folder of node_modules, then the command.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, command, ...args] = process.argv.slice(2)
const require = createRequire(pathToFileURL(folder + '/x.js'))
const load = async name => import(pathToFileURL(require.resolve('@modelcontextprotocol/sdk/' + name)))
const { Client } = await load('client/index.js')
const { StdioClientTransport } = await load('client/stdio.js')

const started = performance.now()
const transport = new StdioClientTransport({ command, args, stderr: 'pipe' })
const client = new Client({ name: 'test', version: '1' })
const faults = []
client.onerror = fault => faults.push(fault)
await client.connect(transport)
console.log('first answer after ' + Math.round(performance.now() - started) + ' ms')

assert.equal(client.getServerVersion().name, 'slab')
assert.match(client.getInstructions(), /describe/)
const { tools } = await client.listTools()
assert.deepEqual(tools.map(tool => tool.name).sort(),
  ['describe', 'explain', 'facet', 'fetch', 'list', 'search', 'stats'])
assert.ok(tools.every(tool => tool.annotations.readOnlyHint && tool.inputSchema.type === 'object'))

const call = async (name, given = {}) => {
  const result = await client.callTool({ name, arguments: given })
  assert.ok(!result.isError, JSON.stringify(result))
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent)
  return result.structuredContent
}
const found = await call('search', { text: 'whale', top_k: 2 })
assert.equal(found.matches[0].id, 'moby')
assert.equal(typeof found.matches[0].score, 'number')
assert.ok('slab' in found.matches[0])
assert.equal((await call('fetch', { ids: ['moby'] })).vectors.moby.metadata.year, 1851)
assert.deepEqual((await call('list', { limit: 1 })).vectors, [{ id: 'emma' }])
assert.equal((await call('stats')).totalVectorCount, 2)
assert.equal((await call('facet', { fields: ['year'] })).facets[0].count, 1)
assert.equal((await call('describe')).records, 2)
assert.ok((await call('explain', { text: 'whale' })).profile)

const wrong = await client.callTool({ name: 'search', arguments: { txt: 'whale' } })
assert.ok(wrong.isError && /did you mean text/.test(wrong.content[0].text), JSON.stringify(wrong))
await assert.rejects(client.callTool({ name: 'drop' }), /no such tool/)
await assert.rejects(client.request({ method: 'resources/list' }, { parse: x => x }), /no method/)
assert.deepEqual(faults, [])
const aborted = new AbortController()
const pending = client.callTool({ name: 'stats' }, undefined, { signal: aborted.signal })
aborted.abort()
await assert.rejects(pending)
await client.ping()
// An answer that was on its way when the call was cancelled may still come (MCP 2025-06-18, cancellation, timing).
assert.ok(faults.length <= 1 && faults.every(fault => /unknown message ID.*totalVectorCount/s.test(fault.message)),
  faults.join())
await client.close()
console.log('done')
