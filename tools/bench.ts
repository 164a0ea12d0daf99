/** `npm run bench [-- NAME…]`: ratios measured in one run, never asserted. */
const benches = [
  'policy',
  'store',
  'events',
  'calls',
  'wire',
  'iam',
  'trail',
  'guard',
  'lint',
  'plan',
  'kit',
  'learn',
  'console',
  'graph',
  'worst',
  'import',
  'people',
  'nodes',
  'package',
] as const

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !benches.some((bench) => bench === name))
if (unknown.length > 0) {
  process.stderr.write(`unknown bench ${unknown.join(', ')}; there are ${benches.join(', ')}\n`)
  process.exit(252)
}
for (const name of asked.length > 0 ? asked : benches) {
  process.stdout.write(`\n# ${name}\n`)
  const module = (await import(`./bench/${name}.ts`)) as { bench(): Promise<void> } // every bench exports it
  await module.bench()
}
