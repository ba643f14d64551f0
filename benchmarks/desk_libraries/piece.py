"""What the three pages show."""

PAGE = "<!doctype html><html><head><title>piece</title><!--head--></head><body><!--body--></body></html>"


def answer(which: int) -> str:
    hues = [(k * 7 + 90 * which) % 360 for k in range(196)]
    shapes = "".join(
        f'<path d="M{k % 14 * 20},{k // 14 * 20}h18v18h-18z" fill="hsl({hue} 60% 50%)"/>'
        for k, hue in enumerate(hues)
    )
    rows = "".join(f"<tr><td>economy {k}</td><td>{(k * 37 + which) % 100} %</td></tr>" for k in range(196))
    picture = f'<svg viewBox="0 0 280 280" width="280">{shapes}</svg>'
    return f'<p class="card">answer {which}</p>{picture}<table>{rows}</table>'
