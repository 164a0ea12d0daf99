import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Instruction {
  readonly name: string
  readonly text: string
}

/** The instructions of a Dockerfile, with continued lines joined. */
function instructionsOf(text: string): readonly Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.split(/\s/)[0]!, text: line.slice(line.indexOf(' ') + 1).trim() }))
}

/** What is wrong with a Dockerfile; the rules are those that linters of Dockerfiles agree on. */
function wrongIn(text: string): readonly string[] {
  const all = instructionsOf(text)
  const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM'))
  const has = (name: string, form: RegExp) => last.some((one) => one.name === name && form.test(one.text))
  const images = all.filter(({ name, text }) => name === 'ARG' && text.startsWith('NODE_IMAGE='))
  return [
    ...all.filter(({ name }) => name !== name.toUpperCase()).map(({ name }) => `${name} in small letters`),
    ...(images.every(({ text }) => /:[\w.-]+$/.test(text) && !text.endsWith(':latest')) && images.length > 0
      ? []
      : ['a base image without a tag']),
    ...(all.every(({ name, text }) => name !== 'FROM' || text.startsWith('${NODE_IMAGE}'))
      ? []
      : ['a base image that is not NODE_IMAGE']),
    ...all.filter(({ name }) => name === 'ADD' || name === 'MAINTAINER').map(({ name }) => name),
    ...all
      .filter(({ name, text }) => name === 'RUN' && /\b(?:sudo|curl|wget|apt-get)\b/.test(text))
      .map(({ text }) => `RUN ${text}`),
    ...all
      .filter(({ name, text }) => name === 'WORKDIR' && !text.startsWith('/'))
      .map(() => 'a relative WORKDIR'),
    ...(has('USER', /^[1-9]\d*:[1-9]\d*$/) ? [] : ['no numeric user other than root']),
    ...(has('HEALTHCHECK', /CMD \[.*\/_omen\/health/) ? [] : ['no health check']),
    ...(has('ENTRYPOINT', /^\["node", "--disable-sigusr1", /) ? [] : ['SIGUSR1 opens an inspector']),
    ...(['ENTRYPOINT', 'CMD', 'VOLUME'].every((name) => has(name, /^\[/)) ? [] : ['a shell form']),
    ...(/SECRET|PASSWORD|MASTER_KEY/.test(text) ? ['a secret'] : []),
    ...(last.some(({ name }) => name === 'RUN')
      ? ['RUN in the last stage, which needs each architecture']
      : []),
  ]
}

describe('the Dockerfile', () => {
  const text = read('Dockerfile')

  test('keeps the rules', () => {
    assert.deepEqual(wrongIn(text), [])
  })

  for (const [wrong, from, to] of [
    ['a base image without a tag', ':24-trixie-slim', ''],
    ['a base image that is not NODE_IMAGE', 'FROM ${NODE_IMAGE} AS', 'FROM node AS'],
    ['ADD', 'COPY . .', 'ADD . .'],
    ['a relative WORKDIR', 'WORKDIR /src', 'WORKDIR src'],
    ['no numeric user other than root', 'USER 1000:1000', 'USER root'],
    ['no health check', '/_omen/health', '/'],
    ['SIGUSR1 opens an inspector', '"--disable-sigusr1", ', ''],
    ['a shell form', 'CMD ["start"]', 'CMD start'],
    ['a secret', 'OMEN_HOST=0.0.0.0', 'OMEN_MASTER_KEY=00'],
  ] as const) {
    test(`the rules find ${wrong}`, () => {
      assert.deepEqual(wrongIn(text.replace(from, to)), [wrong])
    })
  }

  test('the build sees no file of the machine, and every file that it needs', () => {
    const [first, ...others] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    assert.equal(first, '*')
    for (const line of others.filter((each) => each.startsWith('!')))
      assert.ok(existsSync(join(root, line.slice(1))), line)
    for (const never of ['**/node_modules', '**/.env*', '**/.omen']) assert.ok(others.includes(never), never)
  })
})

test('compose.yaml runs the guard before an emulator that nobody else reaches', () => {
  const { services, networks, volumes } = parse(read('compose.yaml')) as Compose
  const { omen, emulator } = services
  assert.deepEqual(omen?.command, ['guard', '--upstream', 'http://emulator:5000'])
  assert.deepEqual(omen?.ports, ['127.0.0.1:6636:6636'])
  assert.equal(omen?.read_only, true)
  assert.ok(omen?.volumes?.includes('home:/data') && 'home' in volumes)
  for (const mounted of omen?.volumes?.filter((each) => each.startsWith('./')) ?? [])
    assert.ok(existsSync(join(root, mounted.split(':')[0]!)), mounted)
  assert.deepEqual(emulator?.networks, ['behind'])
  assert.equal(networks.behind?.internal, true)
  assert.equal(emulator?.ports, undefined)
  for (const [name, service] of Object.entries(services)) {
    assert.match(service.image, /:\d+(?:\.\d+)+$/, `${name}: an image without a version`)
    assert.deepEqual(service.cap_drop, ['ALL'], name)
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
    for (const network of service.networks) assert.ok(network in networks, network)
    assert.ok(!('privileged' in service), name)
  }
})

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image: string
        readonly command?: readonly string[]
        readonly ports?: readonly string[]
        readonly volumes?: readonly string[]
        readonly networks: readonly string[]
        readonly read_only?: boolean
        readonly cap_drop: readonly string[]
        readonly security_opt: readonly string[]
      }
    >
  >
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: object
}
