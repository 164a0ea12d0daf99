import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutatedRooms } from '../../tools/mutate/rooms.ts'
import { filesLike } from './files.ts'

const files = filesLike('{packages/*/src,test}/**/*.{test.ts,test.tsx,ts,tsx}')
const rooms = Object.values(mutatedRooms)

test('every room of the policy package and the server is mutated', () => {
  const isMutated = (file: string) => rooms.some(({ sources }) => file.startsWith(`${sources}/`))
  const sources = files.filter((file) => /^packages\/(?:policy|server)\/src\/[^/]+\//.test(file))
  assert.ok(sources.length > 0)
  assert.deepEqual([...new Set(sources.filter((file) => !isMutated(file)).map(folderOf))], [])
})

test('the tests of a mutated room exist', () => {
  const tests = files.filter((file) => /\.test\.tsx?$/.test(file))
  const named = rooms.flatMap(({ tests: own, together = [] }) => [...own, ...together])
  assert.deepEqual(
    named.filter((start) => !tests.some((file) => file.startsWith(start))),
    [],
  )
})

function folderOf(file: string): string {
  return file.split('/').slice(0, 4).join('/')
}
