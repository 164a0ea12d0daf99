import {
  guardCatalogue,
  guardCoverage,
  type ServiceCoverage,
} from '../../packages/server/src/guard/catalogue/index.ts'

const kinds = ['exact', 'derived', 'wildcard', 'unknown'] as const

/** What the guard knows of the operations of every AWS service. */
export function guardSection(): string {
  const coverage = guardCoverage()
  const sum = (kind: (typeof kinds)[number]) => coverage.reduce((total, { of }) => total + of[kind], 0)
  const operations = coverage.reduce((total, service) => total + service.operations, 0)
  return [
    '## Behind the guard',
    '',
    `The guard recognises ${operations} operations of ${coverage.length} services. The columns say how well it`,
    'knows the actions and resources that an operation needs (GRD-10 in docs/behaviour/guard.md). Exact: as AWS documents',
    "them. Derived: combined from AWS's reference and the request. Wildcard: a part of the ARN is not in the request, and a",
    'wildcard takes its place. Unknown: the guard refuses the call.',
    '',
    '| service | operations | exact | derived | wildcard | unknown |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    row('**all**', operations, kinds.map(sum)),
    ...coverage.map((service) =>
      row(
        service.id,
        service.operations,
        kinds.map((kind) => service.of[kind]),
      ),
    ),
    '',
    'Unknown:',
    '',
    ...coverage.filter(({ of }) => of.unknown > 0).flatMap(unknownLines),
    '',
  ].join('\n')
}

function row(name: string, operations: number, counts: readonly number[]): string {
  return `| ${[name, operations, ...counts].join(' | ')} |`
}

function unknownLines({ id }: ServiceCoverage): readonly string[] {
  const operations = Object.entries(guardCatalogue().byId.get(id)?.operations ?? {})
  const unknown = operations.flatMap(([name, { exactness }]) => (exactness === undefined ? [name] : []))
  return [`- **${id}**`, ...unknown.sort().map((name) => `  - ${name}`)]
}
