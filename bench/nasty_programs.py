import sys; from nasty.program import generate_program
from pathlib import Path
d=Path(sys.argv[2]); d.mkdir(parents=True,exist_ok=True)
p=generate_program(int(sys.argv[1]))
for n,t in p.files.items(): (d/n).write_text(t)
print(p.seed,p.flavour,p.assigns,p.sites)
