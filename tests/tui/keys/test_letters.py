from tests.tui.harness import make_app, make_store, settled
from tests.tui.keys.walking import every_action
async def test_x(tmp_path):
    app = make_app(make_store(tmp_path))
    async with app.run_test() as pilot:
        await settled(pilot)
        import collections
        m=collections.defaultdict(lambda: collections.defaultdict(list)); v=collections.defaultdict(set)
        for f in every_action(app):
            for k in f.keys:
                m[k][f.verb].append(f.where.__name__)
                v[f.verb].add(k)
        for k in sorted(m):
            print(k, dict(m[k]) if len(m[k])>1 else list(m[k]))
        print()
        for k in v: 
            if len(v[k])>1: print(k,v[k])
