import assert from 'node:assert/strict'
import { Session } from 'node:inspector/promises'
import { describe, test } from 'node:test'
import { harmless, sentTemplate, stackServer } from './stack-house.ts'

/** How often each function of the product, and of the parser of YAML, runs in this thread while a work is done. */
async function callsDuring(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  try {
    await work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const calls = new Map<string, number>()
    for (const { url, functions } of result) {
      if (!/\/packages\/(?:server|policy)\/src\/|\/node_modules\/yaml\//.test(url)) continue
      for (const { functionName, ranges } of functions) {
        const key = `${url.slice(url.lastIndexOf('/') + 1)} ${functionName}`
        calls.set(key, (calls.get(key) ?? 0) + (ranges[0]?.count ?? 0))
      }
    }
    return calls
  } finally {
    session.disconnect()
  }
}

describe('templates are read in threads', () => {
  test('no work of the main thread grows with a template (GRD-510)', async () => {
    const at = await stackServer()
    try {
      const TemplateURL = `${at.server.omen.endpoint}/templates/one.yaml`
      const lines = (count: number) => Array.from({ length: count }, (_, n) => `  k${n}: v${n}\n`).join('')
      const deploy = (count: number) => async () => {
        at.objects.set('/templates/one.yaml', `${harmless}Metadata:\n${lines(count)}`)
        const form = await at.succeeds('CreateStack', { StackName: 'one', TemplateURL })
        assert.equal(Object.keys(sentTemplate(form).Metadata!).length, count + 1)
        const template = form.get('TemplateBody')!
        at.stacks.set('one', { name: 'one', template, parameters: {} })
        const { body } = await at.call('GetTemplate', { StackName: 'one' })
        assert.match(body, new RegExp(`k${count - 1}: v${count - 1}`))
        await at.succeeds('DeleteStack', { StackName: 'one' })
        at.stacks.clear()
      }
      await callsDuring(deploy(10)) // modules are loaded
      const few = await callsDuring(deploy(10))
      const many = await callsDuring(deploy(20_000))
      // some 10 pieces of 64 KB pass, of each body
      const grown = [...many].filter(([name, count]) => count > (few.get(name) ?? 0) + 300)
      assert.deepEqual(grown, [])
      assert.ok([...few.keys()].some((name) => name.startsWith('stacks.ts ')))
    } finally {
      await at.close()
    }
  })
})
