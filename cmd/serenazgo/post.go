package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// postCmd sets the fixed posts of a district: places where a unit stands at
// fixed times.
type postCmd struct {
	List   postListCmd   `cmd:"" help:"List the fixed posts."`
	Set    postSetCmd    `cmd:"" help:"Add a fixed post, or change one."`
	Remove postRemoveCmd `cmd:"" help:"Take fixed posts away."`
}

// postOutput is what each of them prints.
type postOutput struct {
	JSON bool `help:"Print one JSON object." name:"json"`
}

func (o postOutput) tell(ubigeo string, posts []patrol.FixedPost) error {
	if o.JSON {
		return printJSON(map[string]any{"ubigeo": ubigeo, "posts": append([]patrol.FixedPost{}, posts...)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tFROM\tTO\tDAYS\tUNITS\tPLACE")
	for _, p := range posts {
		days, units := "every day", "any"
		if len(p.Days) > 0 {
			days = dayNames(p.Days)
		}
		if len(p.Units) > 0 {
			units = strings.Join(p.Units, ",")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%.6f,%.6f\n", p.ID, p.Name, p.From, p.To, days, units, p.Place[0], p.Place[1])
	}
	return w.Flush()
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func dayNames(days []time.Weekday) string {
	var out []string
	for _, d := range days {
		out = append(out, weekdays[d])
	}
	return strings.Join(out, ",")
}

// postListCmd lists the fixed posts.
type postListCmd struct {
	storeFlags
	postOutput
}

// Run lists them.
func (c *postListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	posts, err := st.Posts(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	return c.tell(d.Ubigeo, posts)
}

// postSetCmd adds or changes a fixed post.
type postSetCmd struct {
	storeFlags
	postOutput
	ID    string   `arg:"" help:"Short and stable, such as colegio-1: lower-case letters, digits and hyphens."`
	Name  string   `help:"What it is called on the sheet; the id if absent." placeholder:"TEXT"`
	Place place    `help:"Where it is." required:"" placeholder:"LON,LAT"`
	Hours string   `help:"From when to when, local clock; may cross midnight." required:"" placeholder:"HH:MM-HH:MM"`
	Days  []string `help:"Of the week, on which it begins: ${enum}; every day if absent." enum:"sun,mon,tue,wed,thu,fri,sat" placeholder:"DAY"`
	Units []string `help:"That may take it; any if absent." placeholder:"ID"`
}

// Run saves it.
func (c *postSetCmd) Run(ctx context.Context) error {
	from, to, ok := strings.Cut(c.Hours, "-")
	if !ok {
		return badInputf("--hours %q is not of the form HH:MM-HH:MM, such as 07:30-08:15", c.Hours)
	}
	p := patrol.FixedPost{ID: c.ID, Name: strings.TrimSpace(c.Name), Place: orb.Point(c.Place), From: from, To: to, Units: c.Units}
	if p.Name == "" {
		p.Name = p.ID
	}
	for _, d := range c.Days {
		p.Days = append(p.Days, time.Weekday(slices.Index(weekdays[:], d)))
	}
	if err := patrol.CheckPosts([]patrol.FixedPost{p}); err != nil {
		return badInput(err)
	}
	return changePosts(ctx, c.storeFlags, c.postOutput, func(posts []patrol.FixedPost) ([]patrol.FixedPost, error) {
		i := slices.IndexFunc(posts, func(o patrol.FixedPost) bool { return o.ID == p.ID })
		if i < 0 {
			return append(posts, p), nil
		}
		posts[i] = p
		return posts, nil
	})
}

// postRemoveCmd takes fixed posts away.
type postRemoveCmd struct {
	storeFlags
	postOutput
	IDs []string `arg:"" name:"id" help:"Ids of the posts."`
}

// Run takes them away.
func (c *postRemoveCmd) Run(ctx context.Context) error {
	return changePosts(ctx, c.storeFlags, c.postOutput, func(posts []patrol.FixedPost) ([]patrol.FixedPost, error) {
		for _, id := range c.IDs {
			i := slices.IndexFunc(posts, func(p patrol.FixedPost) bool { return p.ID == id })
			if i < 0 {
				return nil, badInputf("there is no fixed post %q; see serenazgo post list", id)
			}
			posts = slices.Delete(posts, i, i+1)
		}
		return posts, nil
	})
}

// changePosts edits the fixed posts of a district and prints what they are then.
func changePosts(ctx context.Context, f storeFlags, o postOutput, edit func([]patrol.FixedPost) ([]patrol.FixedPost, error)) error {
	st, d, done, err := f.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	posts, err := st.Posts(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if posts, err = edit(posts); err != nil {
		return err
	}
	if err := savePosts(ctx, st, d, posts); err != nil {
		return err
	}
	return o.tell(d.Ubigeo, posts)
}

func savePosts(ctx context.Context, st *store.Store, d fleet.District, posts []patrol.FixedPost) error {
	var said []string
	for _, p := range posts {
		said = append(said, fmt.Sprintf("%s %s-%s", p.ID, p.From, p.To))
	}
	if err := patrol.CheckPosts(posts); err != nil {
		return badInput(err)
	}
	return st.SavePosts(ctx, d.Ubigeo, posts, cliRow(d.Ubigeo, "posts.save", "", strings.Join(said, ", ")))
}
