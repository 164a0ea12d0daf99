import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { readText } from '../house/files.ts'

type Map = Readonly<Record<string, unknown>>

/** The value at a path of names. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((each, name) => (each as Map | undefined)?.[name], value)
}

const environment = readText('packages/server/src/cli/environment.ts')
const options = [...readText('packages/server/src/cli/node-options.ts').matchAll(/'(--[a-z-]+)/g)].map(
  ([, option]) => option,
)
const routes = readText('docs/OWN-API.md')

function checkVariables(names: readonly string[]): void {
  assert.ok(names.length > 3)
  for (const name of names) assert.match(environment, new RegExp(`^ {2}${name}: `, 'm'), name)
}

test('the Kubernetes manifests agree with each other and with Omen', () => {
  const documents = ['omen', 'postgres'].flatMap((file) =>
    parseAllDocuments(readText(`deploy/kubernetes/${file}.yaml`)).map((document) => {
      assert.deepEqual(document.errors, [])
      return document.toJS() as Map // a manifest
    }),
  )
  const byKind = (kind: string) => documents.find((document) => document.kind === kind)
  const deployment = byKind('Deployment')
  const pod = at(deployment, 'spec', 'template')
  const labels = at(pod, 'metadata', 'labels')
  assert.deepEqual(at(deployment, 'spec', 'selector', 'matchLabels'), labels)
  assert.deepEqual(at(byKind('Service'), 'spec', 'selector'), labels)
  assert.deepEqual(at(byKind('PodDisruptionBudget'), 'spec', 'selector', 'matchLabels'), labels)
  assert.equal(at(byKind('PodDisruptionBudget'), 'spec', 'maxUnavailable'), 1)
  assert.equal(at(deployment, 'spec', 'replicas'), 3)

  const container = at(pod, 'spec', 'containers', 0)
  const ports = at(container, 'ports') as readonly { name: string; containerPort: number }[]
  const names = ports.map(({ name }) => name)
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    const { path, port } = at(container, probe, 'httpGet') as { path: string; port: string }
    assert.ok(routes.includes(`| GET | \`${path}\` | anyone |`), `${probe} asks ${path}`)
    assert.ok(names.includes(port), `${probe} asks the port ${port}`)
  }
  assert.equal(at(container, 'readinessProbe', 'httpGet', 'path'), '/_omen/ready')
  assert.equal(at(container, 'livenessProbe', 'httpGet', 'path'), '/_omen/live')
  const served = at(byKind('Service'), 'spec', 'ports', 0, 'targetPort')
  assert.ok(names.includes(String(served)))

  const args = at(container, 'args') as readonly string[]
  for (const option of args.filter((each) => each.startsWith('--')))
    assert.ok(options.includes(option), option)
  const seconds = (option: string) => Number(args[args.indexOf(option) + 1])
  const grace = at(pod, 'spec', 'terminationGracePeriodSeconds')
  assert.ok(Number(grace) > seconds('--drain-seconds') + seconds('--finish-seconds') + 10)

  const variables = at(container, 'env') as readonly { name: string; value?: string }[]
  checkVariables(variables.map(({ name }) => name))
  const variable = (name: string) => variables.find((each) => each.name === name)?.value ?? ''
  const metrics = ports.find(({ name }) => name === 'metrics')?.containerPort
  assert.equal(variable('OMEN_METRICS_PORT'), String(metrics))
  assert.equal(at(pod, 'metadata', 'annotations', 'prometheus.io/port'), String(metrics))
  const cluster = String(at(byKind('Cluster'), 'metadata', 'name'))
  const store = new URL(variable('OMEN_STORE'))
  assert.equal(store.hostname, `${cluster}-rw`)
  assert.equal(store.pathname, `/${at(byKind('Cluster'), 'spec', 'bootstrap', 'initdb', 'database')}`)
  assert.equal(store.username, at(byKind('Cluster'), 'spec', 'bootstrap', 'initdb', 'owner'))
  assert.equal(store.searchParams.get('sslmode'), 'verify-full')
  assert.equal(at(byKind('Cluster'), 'spec', 'postgresql', 'synchronous', 'dataDurability'), 'required')

  const mounts = at(container, 'volumeMounts') as readonly { name: string; mountPath: string }[]
  const volumes = at(pod, 'spec', 'volumes') as readonly { name: string; secret?: { secretName: string } }[]
  assert.deepEqual(mounts.map(({ name }) => name).sort(), volumes.map(({ name }) => name).sort())
  for (const file of [
    variable('OMEN_STORE_PASSWORD_FILE'),
    variable('OMEN_MASTER_KEY_FILE'),
    store.searchParams.get('sslrootcert') ?? '',
  ])
    assert.ok(
      mounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`)),
      file,
    )
  const operation = readText('docs/OPERATION.md')
  for (const { secret } of volumes)
    if (secret !== undefined && !secret.secretName.startsWith(cluster))
      assert.match(operation, new RegExp(`create secret generic ${secret.secretName}\\b`))
  assert.equal(at(container, 'securityContext', 'readOnlyRootFilesystem'), true)
})

test('the Compose file agrees with itself and with Omen', () => {
  const compose = parse(readText('deploy/compose.yaml'), { merge: true }) as Map
  const services = compose.services as Readonly<Record<string, Map>>
  const nodes = Object.keys(services).filter((name) => /^omen-\d$/.test(name))
  assert.equal(nodes.length, 3)
  const balancer = readText('deploy/haproxy.cfg')
  for (const name of nodes) {
    const service = services[name]
    checkVariables(Object.keys(service?.environment as object))
    assert.match(balancer, new RegExp(`server ${name} ${name}:6636`))
    assert.equal(service?.hostname, name)
    assert.match(String(at(service, 'healthcheck', 'test')), /\/_omen\/ready/)
  }
  assert.match(balancer, /httpchk GET \/_omen\/ready/)
  for (const [name, service] of Object.entries(services)) {
    for (const dependency of Object.keys((service.depends_on as object | undefined) ?? {}))
      assert.ok(services[dependency] !== undefined, `${name} waits for ${dependency}`)
    for (const secret of (service.secrets as readonly string[] | undefined) ?? [])
      assert.ok(at(compose, 'secrets', secret) !== undefined, `${name} has the secret ${secret}`)
    for (const network of service.networks as readonly string[])
      assert.ok(at(compose, 'networks', network) !== undefined, `${name} is in ${network}`)
    if (name !== 'balancer') assert.equal(service.ports, undefined, `${name} has a port outside`)
    for (const volume of (service.volumes as readonly string[] | undefined) ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./')) assert.ok(readText(`deploy/${source.slice(2)}`).length > 0)
      else assert.ok(at(compose, 'volumes', source) !== undefined, `${name} has the volume ${source}`)
    }
  }
  const stores = [...nodes, 'init'].map(
    (name) => new URL(String(at(services[name], 'environment', 'OMEN_STORE'))),
  )
  for (const { host } of stores) assert.deepEqual(host.split(','), ['primary', 'standby'])
  assert.match(readText('deploy/postgres/primary.sh'), /synchronous_standby_names = 'FIRST 1 \(standby\)'/)
  assert.match(readText('deploy/postgres/standby.sh'), /application_name=standby/)
})

test('every metric of the dashboard exists', () => {
  const dashboard = readText('packages/server/dashboards/omen.json')
  const { panels } = JSON.parse(dashboard) as { panels: readonly { targets?: readonly { expr: string }[] }[] }
  const used = new Set(
    panels
      .flatMap(({ targets = [] }) => targets)
      .flatMap(({ expr }) => expr.match(/\b(?:omen|process)_[a-z_]+/g) ?? []),
  )
  assert.ok(used.size > 12, `${used.size}`)
  const named = ['metrics/observed-store', 'gate/telemetry', 'gate/server-metrics'].flatMap((file) => [
    ...readText(`packages/server/src/${file}.ts`).matchAll(/name: '((?:omen|process)_\w+)'/g),
  ])
  const families = named.map(([, name = '']) => name)
  for (const name of used) {
    const family = name.replace(/_(?:total|bucket|count|sum|info)$/, '')
    assert.ok(families.includes(family), name)
  }
})
