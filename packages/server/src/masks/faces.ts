import type { Family, Genes } from './genes.ts'
import { inks } from './genes.ts'
import { both, dot, fill, gold, line, mark, outline, oval, paper, shape, stroke } from './strokes.ts'

/** A mask's face: SVG on a grid of 64 units. */
type Face = (genes: Genes, ink: string, second: string) => string

/** Draws the face of a family. */
export function faceOf(family: Family, genes: Genes): string {
  return faces[family](genes, inks[genes.ink] ?? inks[0], inks[genes.second] ?? inks[1])
}

/** A fox: people and roles of the account itself. */
const kitsune: Face = ({ eyes, mark: sign, cheeks, mouth, crest }, ink, second) =>
  shape('M7 4l14 12q11-4 22 0L57 4l-2 24q1 12-8 21-7 8-15 12-8-4-15-12-9-9-8-21z', paper) +
  both(fill('M11 11l9 8-7 8z', ink)) +
  both(
    [
      stroke('M15 32q6-6 12 1', line, 2.6),
      fill('M14 33q6-7 13 1q-7 3-13-1z', line),
      fill('M14 29q8-2 13 6q-8 1-13-6z', line),
      stroke('M15 33q6 4 12 1', line, 2.6),
    ][eyes] ?? '',
  ) +
  both(fill('M27 37l2.5-1.5 0 2.4z', ink)) +
  mark(sign, 22, second) +
  both(
    [
      stroke('M13 41q6 0 10 4M15 47q5 0 8 3', second),
      dot(18, 44, 3.4, second),
      stroke('M14 40l9 3M14 45l9 1', second, 2.4),
      stroke('M14 42q4 6 9 3', second, 2.4),
      '',
    ][cheeks] ?? '',
  ) +
  fill('M28.5 48q3.5-2.4 7 0l-3.5 4z', line) +
  [
    stroke('M26 56q6 3 12 0', ink),
    stroke('M32 52v2.500M27 57q5-3 10 0', ink),
    stroke('M32 52v2M26 55q3 3 6 0q3 3 6 0', ink),
  ][mouth] +
  both(
    ['', stroke('M22 16l3-5', ink, 2.4), dot(25, 15.5, 2, ink), stroke('M20 22q4-4 8-4', ink)][crest] ?? '',
  )

/** A long-nosed tengu: another account may wear it. */
const tengu: Face = ({ eyes, brows, mark: sign, mouth, crest }, ink, second) =>
  shape('M10 24Q11 6 32 6t22 18q3 16-6 27-7 9-16 9t-16-9q-9-11-6-27z', ink) +
  ([
    fill('M25 5h14l-3 7h-8z', line),
    fill('M24 6q8-6 16 0l-2 6H26z', second) + stroke('M24 6q8-6 16 0', line),
    fill('M26 6l6-5 6 5-2 6h-8z', line),
    '',
  ][crest] ?? '') +
  both(
    [
      stroke('M13 24q8-7 15-1', paper, 4),
      stroke('M14 20l13 4', paper, 4),
      stroke('M13 22q7-3 14 2', paper, 5),
      stroke('M14 25q3-7 13-4', paper, 3),
    ][brows] ?? '',
  ) +
  both(
    [
      oval(22, 30, 4.6, 3.8, '#FFE9A8', ` ${outline}`) + dot(23, 30, 1.7, line),
      fill('M16 31q6-6 11 0-6 4-11 0z', '#FFE9A8') + dot(22, 30.5, 2, line),
      dot(22, 30, 4, '#FFE9A8') + dot(22, 30, 2.2, line),
      fill('M16 29l11 2q-6 4-11-2z', '#FFE9A8') + dot(22.5, 30.5, 1.5, line),
    ][eyes] ?? '',
  ) +
  mark(sign, 17, paper) +
  `<path d="M28 29q4-4 8 0l2 17q-6 6-12 0z" fill="${ink}" ${outline}/>` +
  oval(32, 45, 4, 3, '#fff', ' opacity=".45"') +
  ([
    stroke('M21 53q11 5 22 0', paper, 2.6),
    fill('M22 52q10-2 20 0-4 6-10 6t-10-6z', second) + stroke('M22 52q10-2 20 0', paper),
    stroke('M21 52q5 4 11 1 6 3 11-1', paper, 3),
  ][mouth] ?? '')

/** A pouting hyottoko in a dotted scarf: federated users, for whom an issuer speaks. */
const hyottoko: Face = ({ eyes, brows, cheeks, mouth, crest }, ink, second) => {
  const dots = 3 + crest
  const spots = Array.from({ length: dots }, (_, index) => {
    const x = 17 + (index * 30) / (dots - 1)
    return dot(Math.round(x * 10) / 10, Math.round((14 + ((x - 32) * (x - 32)) / 55) * 10) / 10, 2.6, ink)
  }).join('')
  return (
    shape('M32 8c16 0 21 12 21 25S45 60 32 60 11 46 11 33 16 8 32 8z', '#F6D9B8') +
    `<path d="M11 26Q11 5 32 5t21 21q-21-9-42 0z" fill="${paper}" ${outline}/>` +
    spots +
    both(
      [
        stroke('M16 31q5-5 11-1', line, 2.4),
        stroke('M16 28l11 3', line, 3),
        stroke('M16 31l10-3', line, 2.4),
        stroke('M17 29q4-2 8 0', line, 4),
      ][brows] ?? '',
    ) +
    ([
      `${oval(22, 36, 4.6, 4, '#fff', ` ${outline}`)}${dot(21, 36, 1.8, line)}${oval(43, 35, 3.6, 3.2, '#fff', ` ${outline}`)}${dot(43.5, 35, 1.6, line)}`,
      both(oval(22, 36, 4, 4, '#fff', ` ${outline}`)) + dot(23, 37, 1.7, line) + dot(41, 37, 1.7, line),
      both(stroke('M17 37q5-5 10 0', line, 2.6)),
      `${stroke('M17 36q5-5 10 0', line, 2.6)}${oval(43, 36, 4, 4, '#fff', ` ${outline}`)}${dot(42, 36, 1.8, line)}`,
    ][eyes] ?? '') +
    both(
      [
        oval(18, 46, 4.5, 3.5, second, ' opacity=".5"'),
        dot(18, 46, 3, second),
        stroke('M14 44l6 2M14 48l6 0', second),
        stroke('M15 43q5 2 5 7', second, 2.4),
        dot(16, 44, 2, second) + dot(20, 48, 2, second),
      ][cheeks] ?? '',
    ) +
    `<g transform="rotate(${[-14, 0, 14][mouth]} 34 50)">${oval(36, 51, 6, 5, ink, ` ${outline}`)}${dot(37.5, 51, 2, line)}</g>`
  )
}

/** A round-cheeked okame: AWS services, to which a role is passed. */
const okame: Face = ({ eyes, mark: sign, cheeks, mouth, crest }, ink, second) =>
  shape(
    'M32 5c15 0 20 10 21 22 2 6 3 14-1 20-5 9-12 13-20 13s-15-4-20-13c-4-6-3-14-1-20C12 15 17 5 32 5z',
    paper,
  ) +
  ([
    fill('M12 24C13 9 22 5 32 5s19 4 20 19c-5-9-12-11-20-11s-15 2-20 11z', line),
    fill('M12 24C13 9 22 5 32 5s19 4 20 19q-4-12-18-13l-2-3-2 3Q16 12 12 24z', line),
    fill('M12 26C12 9 22 5 32 5s20 4 20 21q-3-11-9-14-11 3-22 0-6 3-9 14z', line),
    fill('M12 24C13 9 22 5 32 5s19 4 20 19c-5-9-12-11-20-11s-15 2-20 11z', line) +
      both(dot(13, 16, 4, second)),
  ][crest] ?? '') +
  both(oval(22, 20, 4, 1.9, line, ' opacity=".75"')) +
  both(
    [
      stroke('M16 31q6-6 12 0', line, 2.6),
      fill('M16 31q6-4 12 1-6 3-12-1z', line),
      stroke('M16 30q6 4 12 0', line, 2.6),
      stroke('M16 31h11', line, 2.8),
    ][eyes] ?? '',
  ) +
  mark(sign, 23, second) +
  both(
    [
      dot(17, 41, 6.5, `${ink}55`),
      dot(17, 41, 4, ink),
      oval(17, 41, 6, 4, `${ink}66`),
      stroke('M13 40q4 4 8 0', ink, 2.4),
      dot(16, 39, 2.2, ink) + dot(19, 43, 2.2, ink),
    ][cheeks] ?? '',
  ) +
  stroke('M30 39q2 2.5 4 0', line, 1.8) +
  ([
    fill('M26 48q6-4 12 0-6 7-12 0z', ink),
    fill('M28 48q4-3 8 0-4 5-8 0z', ink),
    fill('M25 47q7 3 14 0-3 7-7 7t-7-7z', ink),
  ][mouth] ?? '')

/** An oni: anyone may wear it. */
const oni: Face = ({ eyes, brows, mark: sign, mouth, crest }, ink, second) =>
  ([
    shape('M27 13l5-12 5 12z', gold),
    both(shape('M17 16l0-13 10 9z', gold)),
    both(shape('M15 18q-6-6-3-14 4 7 11 9z', gold)),
    both(shape('M22 14l1-10 6 8z', gold)) + shape('M29 12l3-8 3 8z', gold),
  ][crest] ?? '') +
  shape('M32 11c15 0 21 9 21 21s-6 28-21 28-21-16-21-28 6-21 21-21z', ink) +
  both(
    [
      stroke('M15 27l14 3', line, 4),
      stroke('M14 29q7-6 14 1', line, 4),
      stroke('M15 25l8 5 5-2', line, 3.4),
      stroke('M16 28h11', line, 5),
    ][brows] ?? '',
  ) +
  both(
    [
      dot(22.5, 35, 4.4, '#fff') + dot(23.5, 35, 1.8, line),
      oval(22, 35, 5, 3.4, '#FFE9A8') + dot(23, 35, 1.8, line),
      fill('M16 33q7-1 12 4-8 2-12-4z', '#fff') + dot(22, 35, 1.6, line),
      dot(22, 35, 4.4, '#FFE9A8') + stroke('M22 32v6', line, 2),
    ][eyes] ?? '',
  ) +
  mark(sign, 20, paper) +
  stroke('M28 43q4 3 8 0', line, 2.2) +
  ([
    fill('M19 48h26q-3 8-13 8t-13-8z', line) + fill('M22 48v-5l4 5zM42 48v-5l-4 5z', '#fff'),
    fill('M19 47q13 5 26 0-2 10-13 10t-13-10z', second) + fill('M23 48l2 6 2-5zM41 48l-2 6-2-5z', '#fff'),
    fill('M20 52q12-7 24 0-12 5-24 0z', line) + fill('M24 51l2 5 2-6zM40 51l-2 5-2-6z', '#fff'),
  ][mouth] ?? '')

/** A horned hannya: effectively an administrator. */
const hannya: Face = ({ eyes, brows, mark: sign, mouth, crest }, ink, second) =>
  both(
    shape(
      [
        'M18 18Q8 14 7 2q10 3 16 11z',
        'M18 19Q6 17 4 5q8 6 18 8z',
        'M19 17Q12 10 15 1q4 7 10 11z',
        'M18 19Q6 15 10 1q2 8 14 12z',
      ][crest] ?? '',
      gold,
    ),
  ) +
  shape(
    'M32 10c14 0 20 8 20 18 0 12-4 18-8 24-3 5-7 8-12 8s-9-3-12-8c-4-6-8-12-8-24 0-10 6-18 20-18z',
    paper,
  ) +
  stroke('M20 14q5 3 12 3t12-3', line, 2.4) +
  both(
    [
      stroke('M15 25l13 6', line, 3.4),
      stroke('M15 28q6-4 13 3', line, 3.4),
      stroke('M16 24l6 6 6 1', line, 3),
      stroke('M15 26q5 5 13 4', line, 4),
    ][brows] ?? '',
  ) +
  both(
    [
      oval(22, 34, 4.6, 3.2, gold, ` ${outline}`) + dot(23, 34, 1.6, line),
      fill('M16 33q7-2 11 3-8 2-11-3z', gold) + dot(22, 34, 1.7, line),
      dot(22, 34, 3.8, gold) + dot(22, 34, 1.6, line),
      fill('M17 34q5-4 10 1-6 3-10-1z', second) + dot(23, 34, 1.5, '#fff'),
    ][eyes] ?? '',
  ) +
  mark(sign, 22, second) +
  stroke('M30 41q2 2 4 0', line, 1.8) +
  ([
    `<path d="M18 47q14-6 28 0-3 10-14 10t-14-10z" fill="${ink}" ${outline}/>${fill('M22 46l3 6 3-6.500zM42 46l-3 6-3-6.500z', '#fff')}`,
    `<path d="M18 46q14 3 28 0-4 11-14 11T18 46z" fill="${ink}" ${outline}/>${fill('M21 47l3 6 3-5zM43 47l-3 6-3-5z', '#fff')}`,
    `<path d="M19 49q13-9 26 0-6 6-13 6t-13-6z" fill="${ink}" ${outline}/>${fill('M24 46l2 6 3-7zM40 46l-2 6-3-7z', '#fff')}`,
  ][mouth] ?? '')

const faces: Readonly<Record<Family, Face>> = { kitsune, tengu, hyottoko, okame, oni, hannya }
