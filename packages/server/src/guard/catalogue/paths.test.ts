import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addPath, emptyTree, matchPath, segmentsOf } from './paths.ts'

const operations: readonly (readonly [name: string, http: string, given?: readonly string[]])[] = [
  ['List', 'GET /things'],
  ['Get', 'GET /things/{Name}'],
  ['Put', 'PUT /things/{Name}'],
  ['Own', 'GET /things/own'],
  ['Parts', 'GET /things/{Name}/parts/{Part}'],
  ['Read', 'GET /files/{Path+}'],
  ['Tags', 'GET /files/{Path+}/tags'],
  ['Deep', 'GET /files/{Path+}/tags/all'],
  ['Write', 'PUT /files/{Path+}'],
  ['Acl', 'GET /files/{Path+}?acl'],
  ['Search', 'GET /search?operation=search'],
  ['Find', 'GET /search?operation=find'],
  ['Slash', 'GET /slash/{Id}/'],
  ['Marked', 'GET /marked', ['?a', ':x-mark']],
  ['Plain', 'GET /marked', ['?a']],
  ['One', 'GET /rivals', ['?one']],
  ['Other', 'GET /rivals', ['?other']],
]

/** By method, path and query: the operation, its labels, and how literal the path is. */
const cases: readonly (readonly [
  request: string,
  expected: string,
  headers?: Readonly<Record<string, string>>,
])[] = [
  ['GET /things', 'List {} 1.5'],
  ['GET /things/', 'List {} 1'],
  ['GET /things/a', 'Get {"Name":"a"} 1.5'],
  ['GET /things/a%2Fb', 'Get {"Name":"a/b"} 1.5'],
  ['GET /things/%zz', 'malformed'],
  ['PUT /things/a', 'Put {"Name":"a"} 1.5'],
  ['PUT /things/own', 'Put {"Name":"own"} 1.5'],
  ['GET /things/own', 'Own {} 2.5'],
  ['GET /things/own/parts/1', 'Parts {"Name":"own","Part":"1"} 2.5'],
  ['GET /things/a/parts', 'none'],
  ['GET /things//parts/1', 'none'],
  ['DELETE /things/a', 'none'],
  ['GET /', 'none'],
  ['GET /files/a', 'Read {"Path":"a"} 1.5'],
  ['GET /files/a/b%20c', 'Read {"Path":"a/b c"} 1.5'],
  ['GET /files/a/', 'Read {"Path":"a/"} 1'],
  ['GET /files/%zz', 'malformed'],
  ['GET /files/a/b/tags', 'Tags {"Path":"a/b"} 2.5'],
  ['GET /files/tags', 'Read {"Path":"tags"} 1.5'],
  ['GET /files/a/tags/', 'Tags {"Path":"a"} 2'],
  ['GET /files/a/tags/all', 'Deep {"Path":"a"} 3.5'],
  ['GET /files/a/all', 'Read {"Path":"a/all"} 1.5'],
  ['PUT /files/a/tags', 'Write {"Path":"a/tags"} 1.5'],
  ['GET /files/a?acl', 'Acl {"Path":"a"} 1.5'],
  ['GET /files/a?other', 'Read {"Path":"a"} 1.5'],
  ['GET /search?operation=search', 'Search {} 1.5'],
  ['GET /search?operation=find', 'Find {} 1.5'],
  ['GET /search?operation=x', 'none'],
  ['GET /search', 'none'],
  ['GET /slash/a/', 'Slash {"Id":"a"} 1.5'],
  ['GET /slash/a', 'Slash {"Id":"a"} 1'],
  ['GET /marked?a=1', 'Plain {} 1.5'],
  ['GET /marked?a=1', 'Marked {} 1.5', { 'x-mark': '1' }],
  ['GET /rivals?one=1', 'One {} 1.5'],
  ['GET /rivals?other=1', 'Other {} 1.5'],
  ['GET /rivals?one=1&other=1', 'ambiguous'],
]

const root = emptyTree()
for (const [name, http, given = []] of operations) addPath(root, name, http, given)

for (const [request, expected, headers = {}] of cases)
  test(`${request} ${JSON.stringify(headers)} is ${expected}`, () => {
    const [method = '', uri = ''] = request.split(' ')
    const [path = '', text = ''] = uri.split('?')
    const query = new Map<string, string[]>()
    for (const pair of text.split('&').filter((each) => each !== '')) {
      const [name = '', value = ''] = pair.split('=')
      query.set(name, [...(query.get(name) ?? []), value])
    }
    const slash = path.endsWith('/')
    const found = matchPath(root, {
      method,
      segments: segmentsOf(path),
      slash,
      query: query as never,
      headers,
    })
    const said =
      typeof found === 'object'
        ? `${found.name} ${JSON.stringify(found.labels)} ${found.weight}`
        : (found ?? 'none')
    assert.equal(said, expected)
  })
