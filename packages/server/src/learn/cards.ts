import { type Family, genesOf, type MaskState, maskSvg } from '../masks/index.ts'
import type { Chapter } from '../views/index.ts'
import type { Language, Lesson } from './lesson.ts'
import { type Progress, progressOf } from './progress.ts'

/** The mask on the card of a chapter's lessons. */
const faces: Readonly<Record<Chapter, { readonly family: Family; readonly state: MaskState }>> = {
  mask: { family: 'kitsune', state: 'plain' },
  handing: { family: 'okame', state: 'handed' },
  wearing: { family: 'kitsune', state: 'worn' },
  gates: { family: 'tengu', state: 'plain' },
  conditions: { family: 'oni', state: 'plain' },
  houses: { family: 'hyottoko', state: 'plain' },
  becoming: { family: 'hannya', state: 'worn' },
}

/** The words of the sheet. */
const words = {
  en: {
    title: 'Never forgotten: masks and roles',
    mask: 'The mask: a role',
    who: 'who may wear it',
    what: 'what it can do',
    limit: 'how far',
    box: 'a box that hands the mask to a machine',
    inside: 'a question inside another call',
    prayer: 'the prayer to STS',
    gifts: ['key', 'secret', 'token'],
    avatar: 'the avatar, with another name',
  },
  ja: {
    title: 'お面の稽古：ロールのまとめ',
    mask: 'お面＝ロール',
    who: 'だれが被れるか',
    what: '何ができるか',
    limit: 'ここまで',
    box: 'お面を機械に渡す箱',
    inside: '別の呼び出しの中で問われる',
    prayer: 'STS への祈り',
    gifts: ['キー', 'シークレット', 'トークン'],
    avatar: '分身。名前も変わる',
  },
} as const

/**
 * A page to print: the picture of the mask, the box, the prayer and the avatar, and a card of 60 × 90 mm for each lesson.
 * Lessons that are not solved are outlines. It has no script and names nothing outside of itself.
 */
export function cardsPage(lessons: readonly Lesson[], progress: Progress, language: Language): string {
  const { title } = words[language]
  const cards = lessons.map((lesson, index) => {
    const isSolved = progressOf(progress, lesson.id).solvedAt !== undefined
    return card(lesson, index + 1, isSolved, language)
  })
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${picture(language)}
<main>
${cards.join('\n')}
</main>
</body>
</html>
`
}

const style = `
@page { size: A4; margin: 9mm 12mm }
body { font: 10.5pt/1.4 sans-serif; color: #1c1c1c; background: #fff; margin: 0 auto; max-width: 186mm }
h1 { font-size: 16pt; margin: 0 0 4mm }
main { display: grid; grid-template-columns: repeat(3, 60mm); gap: 3mm }
article { box-sizing: border-box; width: 60mm; height: 90mm; border: .4mm solid #1c1c1c; border-radius: 3mm; padding: 4mm; break-inside: avoid; display: flex; flex-direction: column }
article.open { border-style: dashed }
article h2 { font-size: 11pt; line-height: 1.3; margin: 2mm 0 }
article p { margin: 0 }
article svg { align-self: center }
article .number { font-size: 9pt }
figure { margin: 0 0 4mm }
`

function card(
  { id, chapter, title, remember }: Lesson,
  number: number,
  isSolved: boolean,
  language: Language,
): string {
  const { family, state } = faces[chapter]
  const mask = maskSvg(family, genesOf(id), { size: 96, state: isSolved ? state : 'outline' })
  return `<article${isSolved ? '' : ' class="open"'}><p class="number">${number}</p>${mask}<h2>${escaped(title[language])}</h2><p>${escaped(remember[language])}</p></article>`
}

/** The mask with its three papers, the box, the prayer and the avatar, as SVG. */
export function picture(language: Language): string {
  const { mask, who, what, limit, box, inside, prayer, gifts, avatar } = words[language]
  const at = (x: number, y: number, family: Family, state: MaskState) =>
    `<svg x="${x}" y="${y}" width="84" height="84" viewBox="0 0 64 64">${inner(maskSvg(family, genesOf('picture'), { state }))}</svg>`
  const text = (x: number, y: number, line: string, isBold = false) =>
    `<text x="${x}" y="${y}" text-anchor="middle" font-size="13"${isBold ? ' font-weight="bold"' : ''}>${escaped(line)}</text>`
  const paper = (y: number, line: string) =>
    `<rect x="14" y="${y}" width="152" height="22" fill="#fff8ea" stroke="#1c1c1c"/>${text(90, y + 16, line)}`
  const arrow = (x: number) =>
    `<path d="M${x} 68h34m-8-6 8 6-8 6" fill="none" stroke="#1c1c1c" stroke-width="2"/>`
  return `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 218" width="100%" role="img" aria-label="${escaped([mask, box, prayer, avatar].join('; '))}" font-family="sans-serif">
${at(48, 26, 'kitsune', 'plain')}${text(90, 20, mask, true)}${paper(122, who)}${paper(148, what)}${paper(174, limit)}
${arrow(172)}${at(238, 26, 'okame', 'handed')}${text(280, 132, 'PassRole', true)}${folded([box, inside], 280)}
${arrow(366)}${hands}${text(476, 132, 'AssumeRole', true)}${folded([prayer, gifts.join(' · ')], 476)}
${arrow(572)}${at(638, 26, 'kitsune', 'worn')}${text(680, 132, 'assumed-role/…', true)}${folded([avatar], 680)}
</svg></figure>`

  /** Sentences below one another, each in one or two lines. */
  function folded(sentences: readonly string[], x: number): string {
    const lines = sentences.flatMap((sentence) => {
      const middle = sentence.indexOf(' ', sentence.length / 2 - 4) + 1 || Math.ceil(sentence.length / 2)
      return sentence.length > 22 ? [sentence.slice(0, middle), sentence.slice(middle)] : [sentence]
    })
    return lines.map((line, index) => text(x, 152 + 18 * index, line)).join('')
  }
}

/** Hands that are put together, and their sleeves. */
const hands = [
  '<g transform="translate(430 24)" stroke="#1c1c1c" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">',
  '<path d="M45 6Q37 22 35 42L27 58Q26 68 34 76L45 70Z" fill="#f3d6b3"/>',
  '<path d="M47 6Q55 22 57 42L65 58Q66 68 58 76L47 70Z" fill="#f3d6b3"/>',
  '<path d="M14 70L28 54L42 76L30 92Z" fill="#5b7db1"/><path d="M78 70L64 54L50 76L62 92Z" fill="#5b7db1"/>',
  '<path d="M24 22L16 14M20 34H9M68 22L76 14M72 34H83" fill="none"/></g>',
].join('')

/** The content of an `svg` element. */
function inner(svg: string): string {
  return svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'))
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
