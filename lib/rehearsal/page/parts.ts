import { type Html, html } from './html';

/** A section of the page with its heading. */
export function section(id: string, title: string, ...content: readonly (Html | undefined)[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

/**
 * A table that scrolls in its own box.
 * @param caption read by screen readers as the name of the table
 */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = '', ...others]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${others.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Detail that is closed at first. */
export function details(summary: string, content: Html): Html {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}

/** A list of sentences. */
export function list(sentences: readonly (Html | string)[]): Html {
  return html`<ul>
    ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`;
}

/** Whether something holds, in a word and a colour. */
export function mark(ok: boolean, good = 'ok', bad = 'failed'): Html {
  return html`<span class="${ok ? 'good' : 'bad'}">${ok ? good : bad}</span>`;
}

/** What takes the place of a part that the report does not have. */
export function missing(sentence: string): Html {
  return html`<p class="missing">${sentence}</p>`;
}
