/** The facts of an instance type that are used here. */
export interface InstanceType {
  readonly name: string
  readonly vcpus: number
  readonly memoryMiB: number
  readonly arm: boolean
}

/** The common families: memory in GiB for each virtual processor, and whether their performance is burstable. */
const families: readonly { readonly name: string; readonly perCpu: number; readonly arm: boolean }[] = [
  { name: 'm5', perCpu: 4, arm: false },
  { name: 'm6i', perCpu: 4, arm: false },
  { name: 'm7i', perCpu: 4, arm: false },
  { name: 'm7g', perCpu: 4, arm: true },
  { name: 'c5', perCpu: 2, arm: false },
  { name: 'c6i', perCpu: 2, arm: false },
  { name: 'c7i', perCpu: 2, arm: false },
  { name: 'c7g', perCpu: 2, arm: true },
  { name: 'r5', perCpu: 8, arm: false },
  { name: 'r6i', perCpu: 8, arm: false },
  { name: 'r7i', perCpu: 8, arm: false },
  { name: 'r7g', perCpu: 8, arm: true },
]

const sizes = [
  ['large', 2],
  ['xlarge', 4],
  ['2xlarge', 8],
  ['4xlarge', 16],
] as const

const burstable = [
  ['nano', 2, 512],
  ['micro', 2, 1_024],
  ['small', 2, 2_048],
  ['medium', 2, 4_096],
  ['large', 2, 8_192],
  ['xlarge', 4, 16_384],
  ['2xlarge', 8, 32_768],
] as const

/** The types that DescribeInstanceTypes returns. A launch accepts any name with a type's form (behaviour EC2-24). */
export const knownTypes: readonly InstanceType[] = [
  ...['t3', 't3a', 't4g'].flatMap((family) =>
    burstable.map(([size, vcpus, memoryMiB]) => ({
      name: `${family}.${size}`,
      vcpus,
      memoryMiB,
      arm: family === 't4g',
    })),
  ),
  { name: 't2.micro', vcpus: 1, memoryMiB: 1_024, arm: false },
  { name: 'm1.small', vcpus: 1, memoryMiB: 1_740, arm: false },
  ...families.flatMap((family) =>
    sizes.map(([size, vcpus]) => ({
      name: `${family.name}.${size}`,
      vcpus,
      memoryMiB: vcpus * family.perCpu * 1_024,
      arm: family.arm,
    })),
  ),
]

/** Returns whether the text has the form of a type's name. */
export function isTypeName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{2,20}$/.test(text)
}

/** Returns a type by its name: a known one, or what a name of that form implies (behaviour EC2-24). */
export function findType(name: string): InstanceType | undefined {
  const listed = knownTypes.find((type) => type.name === name)
  if (listed !== undefined || !isTypeName(name)) return listed
  const [family = '', size = ''] = name.split('.')
  const perCpu = { c: 2, r: 8, x: 16, u: 16 }[family[0] ?? ''] ?? 4
  const vcpus = cpusOf(size)
  return { name, vcpus, memoryMiB: vcpus * perCpu * 1_024, arm: isArm(name) }
}

/** Returns whether its performance is burstable, on credits. */
export function isBurstable(name: string): boolean {
  return /^t\d/.test(name)
}

/** `large` has two, `4xlarge` sixteen. */
function cpusOf(size: string): number {
  const times = /^(\d{0,3})xlarge/.exec(size)?.[1]
  if (times !== undefined) return 4 * Math.max(1, Number(times))
  return size.startsWith('metal') ? 96 : size === 'medium' || size === 'small' ? 1 : 2
}

/** Graviton families have a g after their generation; a1 was the first of them. */
export function isArm(name: string): boolean {
  return /^(?:a1|[a-z]+\d+g[a-z-]*)\./.test(name)
}
